"""What a person has marked to find it again: public scenarios, products and organisations."""
