"""Charts as SVG elements, by pure functions: values in, drawing out."""
