"""What people would write instead, as runnable services beside ours: the same servers, the same drafts, the same run.

They run in an environment of their own (`environment.py`) and import nothing of the product.
"""
