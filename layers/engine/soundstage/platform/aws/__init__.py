"""Adapters to AWS: storage, table, queues, workflows, pools, secrets."""
