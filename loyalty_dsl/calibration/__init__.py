"""From purchases to a population: customer-base models by maximum likelihood, and how well they forecast."""
