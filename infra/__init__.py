"""Soundstage on AWS: the CDK app. ``infra/local`` runs the same stacks on one machine."""
