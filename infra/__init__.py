"""Soundstage on AWS: the CDK app. ``infra/local`` runs the same stacks on one machine."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
