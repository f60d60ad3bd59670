"""The rules inside engines that spread work over many machines: each file here is an example to copy."""
