//! What a pickle can build here. Values are shared by handle, as the original's are by reference: a dictionary is
//! remembered while it is empty and filled later.

/// A value in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle(usize);

#[derive(Debug)]
pub(super) enum Value<'a> {
    None,
    Int(i64),
    Text(&'a str),
    Empty,
    Pair(Handle, Handle),
    Dictionary(Vec<(Handle, Handle)>),
    /// Contents don't matter: pydantic's names of fields that were set.
    Set,
    Class(Class),
    Object {
        class: Class,
        state: Option<Handle>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Docstore,
    Document,
}

#[derive(Debug)]
pub(super) struct Arena<'a> {
    values: Vec<Value<'a>>,
}

impl<'a> Arena<'a> {
    /// The first value is `None`, so that a handle always has something behind it.
    pub(super) fn new() -> Self {
        Self { values: vec![Value::None] }
    }

    pub(super) fn add(&mut self, value: Value<'a>) -> Handle {
        self.values.push(value);
        Handle(self.values.len() - 1)
    }

    pub(super) fn value(&self, handle: Handle) -> &Value<'a> {
        self.values.get(handle.0).unwrap_or(&Value::None)
    }

    pub(super) fn value_mut(&mut self, handle: Handle) -> Option<&mut Value<'a>> {
        self.values.get_mut(handle.0)
    }

    /// The entries of a dictionary.
    pub(super) fn entries(&self, handle: Handle) -> Option<&[(Handle, Handle)]> {
        if let Value::Dictionary(entries) = self.value(handle) { Some(entries) } else { None }
    }

    /// What an object of this class was built with.
    pub(super) fn state(&self, handle: Handle, wanted: Class) -> Option<Handle> {
        let Value::Object { class, state } = self.value(handle) else { return None };
        if *class == wanted { *state } else { None }
    }
}
