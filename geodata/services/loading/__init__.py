"""What each kind of layer or list becomes in the store."""
