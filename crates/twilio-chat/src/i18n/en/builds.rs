//! Building an index of the knowledge base, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("builds.title", "Building the index"),
    (
        "builds.about",
        "A build makes the passages of the articles into vectors of the model {model}. It shows the cost before it starts, and you never pay twice for a vector.",
    ),
    (
        "builds.about.words",
        "Without the key SECOND_OPENAI the index is made of words, without vectors and at no cost.",
    ),
    ("builds.keys", "Enter the key"),
    ("builds.build", "Build the index"),
    ("builds.stop", "Stop the build"),
    ("builds.reload", "Look again"),
    ("builds.goes_on", "You may close this page: the build goes on. Until it ends the former index answers."),
    ("builds.embedding", "Vectors: {ready} of {total}"),
    ("builds.writing", "Writing the new index"),
    ("builds.spent", "{tokens} tokens, about {cost} of about {all} USD"),
    ("builds.spent.unpriced", "{tokens} tokens"),
    ("builds.spent.simulated", "{tokens} tokens of the simulator, at no cost"),
    ("builds.started", "The build has begun."),
    ("builds.done", "The index is built. Passages: {documents}, vectors: {vectors}, made now: {paid}."),
    ("builds.done.words", "The index of words is built. Passages: {documents}."),
    ("builds.stopped", "The build was stopped. What was paid for is kept: the next one goes on from there."),
    ("builds.stopping", "The build is stopping."),
    (
        "builds.not_to_stop",
        "There is nothing to stop: nothing is being built, or the index is being written already.",
    ),
    ("builds.under_way", "A build is under way: {ready} of {total} vectors. Wait for its end, or stop it."),
    ("builds.nothing", "There is nothing to build an index of: no articles and no documents.{why}"),
    ("builds.sure", "Build the index?"),
    (
        "builds.sure.about",
        "The service makes the missing vectors. The build can be stopped at any time; the former index answers until the new one is whole.",
    ),
    (
        "builds.changed",
        "The service makes vectors of {now} numbers now, those at hand have {before}: all are made anew.",
    ),
    ("builds.missing", "To be made"),
    ("builds.tokens", "Tokens, about"),
    ("builds.cost", "Cost"),
    ("builds.cost.about", "about {cost} USD"),
    ("builds.cost.nothing", "It costs nothing."),
    ("builds.cost.simulated", "Nothing: the simulator makes them."),
    ("builds.cost.unknown", "by the price list of the service ({model})"),
    (
        "builds.trouble.key",
        "The service for vectors does not take the key SECOND_OPENAI. Check it in the settings of keys.",
    ),
    (
        "builds.trouble.credit",
        "The account at the service for vectors is out of credit. Top it up and build again.",
    ),
    (
        "builds.trouble.silent",
        "The service for vectors does not answer after many tries. Try again in a few minutes.",
    ),
    (
        "builds.trouble.refused",
        "The service for vectors refused the request: {message}. Check EMBEDDING_MODEL and EMBED_BATCH_SIZE.",
    ),
    (
        "builds.trouble.unreadable",
        "The answers of the service for vectors can't be used ({error}). Check SECOND_OPENAI_BASE_URL and EMBEDDING_MODEL.",
    ),
    (
        "builds.trouble.kept",
        "The former index goes on working, and you won't pay again for vectors that were made.",
    ),
    ("builds.api.done", "The FAISS index was built"),
    ("builds.api.under_way", "The FAISS index is being built; how far it is: /api/news/faiss/build/progress"),
    ("builds.audit.started", "began to build an index of the knowledge base"),
    ("builds.audit.stopped", "stopped a build of an index of the knowledge base"),
];
