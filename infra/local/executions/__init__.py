"""The page ``/cloud`` of the embedded cloud's gateway: state machines, their executions, and the graph of one."""
