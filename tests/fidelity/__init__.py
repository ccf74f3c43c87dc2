"""Where moto, MiniStack and LocalStack are as AWS and where not: ``make fidelity``. It decides about new versions."""
