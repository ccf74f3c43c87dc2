"""What LocalStack leaves to Docker, to Java or to downloads, done with Python packages.

Runs inside LocalStack's own environment (``infra.local.localstack.environment``), which finds it by the entry points
in the folder beside this one. Nothing of Soundstage is imported here, nor is this by Soundstage.
"""
