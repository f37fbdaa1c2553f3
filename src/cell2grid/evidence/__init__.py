"""From a page to claims: stories, sentences, quantities, frames; the store that keeps them, the checks, the review."""
