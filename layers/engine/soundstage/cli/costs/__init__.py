"""What jobs cost on AWS and how many at once it bears: prices, what was measured, the model, the simulation."""
