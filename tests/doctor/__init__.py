"""Is this wall well?"""
