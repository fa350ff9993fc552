//! `knowledge build`, `status`, `export` and `import`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Outcome, Place, Shown, vectors};
use crate::t;

#[derive(Debug, Args)]
pub(in crate::cli) struct Folder {
    /// Katalog · The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn build(place: &mut Place<'_>, shown: Shown) -> Outcome {
    let (knowledge, embedder) = place.knowledge_with_service()?;
    if let Some(embedder) = embedder {
        return vectors::build(place, shown, knowledge, &embedder);
    }
    let kept = knowledge.build().map_err(|error| place.of_library(&error))?;
    // Read anew: what a status tells of it.
    let current = knowledge.current().map_err(|error| place.fault(&error))?;
    let passages = current.library.collection.passages().count();
    let value = json!({
        "mode": "no_llm",
        "documents": kept.documents,
        "vectors": kept.vectors,
        "passages": passages,
    });
    let mut text = if kept.vectors == 0 {
        t!(place.lang, "knowledge.built", documents = kept.documents)
    } else {
        t!(place.lang, "knowledge.built_beside", documents = kept.documents, vectors = kept.vectors)
    };
    if current.name.is_default() {
        text.push(' ');
        text.push_str(&t!(place.lang, "knowledge.built_snapshot", passages = passages));
    }
    if kept.vectors > 0 && passages > kept.vectors {
        text.push(' ');
        text.push_str(t!(place.lang, "knowledge.built_without"));
    }
    place.show(shown.json, &value, &text)
}

pub(super) fn status(place: &mut Place<'_>, shown: Shown) -> Outcome {
    let (knowledge, embedder) = place.knowledge_with_service()?;
    let current = knowledge.current().map_err(|error| place.fault(&error))?;
    let holdings = &current.library.holdings;
    let refused: Vec<_> =
        holdings.refused.iter().map(|one| json!({ "file": one.file, "reason": one.reason })).collect();
    let passages = current.library.collection.passages().count();
    let sampled = vectors::sampled(&knowledge, &current, embedder.as_deref())?;
    let configured = place.configured()?;
    let answering = &configured.config.knowledge;
    let model = answering.api_key.as_ref().map(|_| &answering.model);
    let value = json!({
        "index": current.name.as_str(),
        "folder": knowledge.indices().folder(&current.name),
        "mode": if model.is_some() { "llm" } else { "no_llm" },
        "model": model,
        "layout": holdings.layout(),
        "vectors": holdings.vectors,
        "dimensions": holdings.dimensions,
        "service_dimensions": sampled,
        "documents": holdings.documents,
        "passages": passages,
        "articles": holdings.articles,
        "categories": holdings.categories,
        "rows_without_document": holdings.without_document,
        "refused": refused,
    });
    let mode = model.map_or_else(
        || t!(place.lang, "knowledge.mode.no_llm").to_owned(),
        |model| t!(place.lang, "knowledge.mode.llm", model = model),
    );
    let mut text = t!(
        place.lang,
        "knowledge.status",
        mode = mode,
        index = current.name,
        folder = knowledge.indices().folder(&current.name).display(),
        layout = holdings.layout(),
        articles = holdings.articles,
        passages = passages,
        documents = holdings.documents,
        vectors = holdings.vectors,
        dimensions = holdings.dimensions
    );
    if let Some(now) = sampled.filter(|now| *now != holdings.dimensions) {
        text.push('\n');
        let before = holdings.dimensions;
        text.push_str(&t!(place.lang, "vectors.other_dimension", before = before, now = now));
    }
    for one in &holdings.refused {
        text.push('\n');
        text.push_str(&t!(place.lang, "knowledge.refused", file = one.file, reason = one.reason));
    }
    place.show(shown.json, &value, &text)
}

pub(super) fn export(place: &mut Place<'_>, to: &Folder) -> Outcome {
    let kept = place.knowledge()?.export(&to.folder).map_err(|error| place.of_library(&error))?;
    let folder = to.folder.display();
    let value = json!({ "folder": to.folder, "documents": kept.documents, "vectors": kept.vectors });
    let text = t!(
        place.lang,
        "knowledge.exported",
        folder = folder,
        documents = kept.documents,
        vectors = kept.vectors
    );
    place.show(to.shown.json, &value, &text)
}

pub(super) fn import(place: &mut Place<'_>, from: &Folder) -> Outcome {
    let imported = place.knowledge()?.import(&from.folder).map_err(|error| place.of_library(&error))?;
    let (files, kept) = (imported.files.join("+"), imported.kept);
    let value = json!({
        "layout": files,
        "documents": kept.documents,
        "vectors": kept.vectors,
        "rows_without_document": imported.without_document,
        "documents_without_vector": imported.without_vector,
        "articles": imported.articles,
    });
    let mut text = t!(
        place.lang,
        "knowledge.imported",
        files = files,
        documents = kept.documents,
        vectors = kept.vectors
    );
    if imported.without_document > 0 || imported.without_vector > 0 {
        text.push('\n');
        text.push_str(&t!(
            place.lang,
            "knowledge.dropped",
            rows = imported.without_document,
            documents = imported.without_vector
        ));
    }
    if imported.articles > 0 {
        text.push('\n');
        text.push_str(&t!(place.lang, "knowledge.with_articles", articles = imported.articles));
    }
    for one in &imported.refused {
        text.push('\n');
        text.push_str(&t!(place.lang, "knowledge.refused", file = one.file, reason = one.reason));
    }
    place.show(from.shown.json, &value, &text)
}
