"""What people do, one function for each; a service never commits, the door that called it does."""
