"""What makes us suspect a delay: plain rules over plain facts, and how the facts are read."""
