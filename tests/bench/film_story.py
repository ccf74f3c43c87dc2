"""A story of 300 words."""

STORY = """Mia lived with her grandfather in the old lighthouse above the sea. Every evening she climbed the
stairs with a small lantern in her hand, and together they lit the great lamp.

One stormy night the lamp went dark. Rain beat against the windows, and far out on the water a ship was
looking for the harbour.

"The oil is gone," said grandfather. "Somebody must fetch some from the village, and my knees are too old."

"Then I will go," said Mia. She put on her red coat, took the lantern and ran through the dark forest. The
wind pulled at the trees, and the path was full of water.

Between two birches sat a fox with bright eyes. "Follow me," said the fox. "I know the shortest way."

They crossed the narrow bridge over the river, where the water roared below them, and came to the village at
midnight.

The baker was already at work. He gave her a can of oil and a loaf of warm bread. "Hurry," he said, "and keep
the lantern dry."

Mia hurried back along the beach. Her arms were tired, and the can grew heavier with every step, but she did
not stop. The fox ran ahead and waited for her at every rock.

At the top of the tower she filled the lamp. Her hands were cold, and the first match broke. The second one
burned. The light swept over the waves, out to the ship, and slowly the ship turned towards the harbour.

In the morning the storm was over. The ship stood safe at the pier. Its captain waved to the girl with the red
coat.

Mia sat on the stairs with her grandfather, shared the bread with him, and left the largest piece for the fox.
"""
