"""Small things that SymPy proves: each function derives its result, and nothing is typed in."""
