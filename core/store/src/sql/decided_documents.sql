-- Each document that is shown, and how.
SELECT space, id, noun, hidden, policy FROM document WHERE noun IS NOT NULL;
