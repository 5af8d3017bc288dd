"""Theorems under attack: instances of a statement's hypotheses, drawn and varied until its bound is nearly reached."""
