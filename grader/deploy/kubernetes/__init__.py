"""A hub on Kubernetes: values for the chart, what the chart does not bring, and the image."""
