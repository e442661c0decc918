"""Trajectories -> engagement, liability and their simulation noise, at the size of the business."""
