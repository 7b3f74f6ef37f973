"""Judging of applications by several evaluators."""
