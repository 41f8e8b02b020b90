// Package classify says which class a plain text has, and why: the words of a resident on the
// left, the classes of a city's dictionary on the right.
//
// Most callers need [Learn] and [Model.Rank]. A model is learnt from what a dictionary says of its
// classes, their names and key words, and from the texts that people have classed. [Demands] cuts a
// text that asks for several things into one piece for each.
//
// The method is multinomial logistic regression by stochastic gradient descent over characters and pairs
// of characters, weighed by how seldom they are met; both are textbook. It was chosen by measurement over
// complement naive Bayes, see README.md. A guess is a sum over the words of the text, so it explains itself by
// those that weighed most. Same examples, same model, in whatever order they are given.
//
// A guess is a proposal to a person. What the engine leaves to others: which class is right, what may be
// shown, and when a model is learnt anew. It rests on the standard library alone.
package classify
