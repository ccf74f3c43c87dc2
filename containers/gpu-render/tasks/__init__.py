"""The tasks of this image, by name. Each is a module as ``soundstage.jobs.tasks`` describes it."""

from soundstage.products import PRODUCTS

TASKS = {task.name: f"tasks.{task.name}" for product in PRODUCTS.values() for task in product.tasks}
