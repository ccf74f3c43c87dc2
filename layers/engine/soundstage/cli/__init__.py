"""The command line: the engine on local files, without any cloud."""
