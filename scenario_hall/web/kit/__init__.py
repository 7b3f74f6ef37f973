"""What all pages share: request, language, forms, errors, files, headers."""
