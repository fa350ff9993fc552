//! The 22 instructions. Each reads within the file's bounds, takes from the stack only what is there, and adds at
//! most one value: what is built is bounded by the file's length.

use super::{
    PickleError,
    value::{Arena, Class, Handle, Value},
};

/// Runs to STOP and gives the value that is left.
pub(super) fn run(bytes: &[u8]) -> Result<(Arena<'_>, Handle), PickleError> {
    let mut machine =
        Machine { bytes, at: 0, arena: Arena::new(), stack: Vec::new(), marks: Vec::new(), memo: Vec::new() };
    loop {
        if let Some(root) = machine.step()? {
            return Ok((machine.arena, root));
        }
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    arena: Arena<'a>,
    stack: Vec<Handle>,
    /// Heights of the stack at each MARK.
    marks: Vec<usize>,
    memo: Vec<Handle>,
}

impl<'a> Machine<'a> {
    fn step(&mut self) -> Result<Option<Handle>, PickleError> {
        let at = self.at;
        let [code] = self.take::<1>()?;
        match code {
            // PROTO, FRAME: what they announce is checked by the reading itself.
            0x80 => drop(self.take::<1>()?),
            0x95 => drop(self.take::<8>()?),
            // SHORT_BINUNICODE, BINUNICODE
            0x8c => {
                let [length] = self.take()?;
                self.text(usize::from(length))?;
            }
            b'X' => {
                let length = u32::from_le_bytes(self.take()?);
                self.text(usize::try_from(length).map_err(|_| PickleError::Cut)?)?;
            }
            // MEMOIZE
            0x94 => {
                let top = *self.stack.last().ok_or(EMPTY)?;
                self.memo.push(top);
            }
            // BINGET, LONG_BINGET
            b'h' => {
                let [index] = self.take()?;
                self.recall(usize::from(index))?;
            }
            b'j' => {
                let index = u32::from_le_bytes(self.take()?);
                self.recall(usize::try_from(index).map_err(|_| PickleError::Cut)?)?;
            }
            // BININT1, BININT2, BININT
            b'K' => {
                let [number] = self.take()?;
                self.push(Value::Int(number.into()));
            }
            b'M' => {
                let number = u16::from_le_bytes(self.take()?);
                self.push(Value::Int(number.into()));
            }
            b'J' => {
                let number = i32::from_le_bytes(self.take()?);
                self.push(Value::Int(number.into()));
            }
            b'N' => self.push(Value::None),
            b')' => self.push(Value::Empty),
            b'}' => self.push(Value::Dictionary(Vec::new())),
            0x8f => self.push(Value::Set),
            b'(' => self.marks.push(self.stack.len()),
            // TUPLE2
            0x86 => {
                let (second, first) = (self.pop()?, self.pop()?);
                self.push(Value::Pair(first, second));
            }
            // SETITEM, SETITEMS, ADDITEMS
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.fill(&[key, value])?;
            }
            b'u' => {
                let items = self.since_mark()?;
                self.fill(&items)?;
            }
            0x90 => {
                self.since_mark()?;
                let set = *self.stack.last().ok_or(EMPTY)?;
                if !matches!(self.arena.value(set), Value::Set) {
                    return Err(PickleError::Malformed("items for what is no set"));
                }
            }
            // STACK_GLOBAL, NEWOBJ, BUILD
            0x93 => self.global()?,
            0x81 => self.object()?,
            b'b' => self.build()?,
            // STOP
            b'.' => return self.pop().map(Some),
            code => return Err(PickleError::Instruction { code, at }),
        }
        Ok(None)
    }

    fn text(&mut self, length: usize) -> Result<(), PickleError> {
        let end = self.at.checked_add(length).ok_or(PickleError::Cut)?;
        let text = self.bytes.get(self.at..end).ok_or(PickleError::Cut)?;
        let text = str::from_utf8(text).map_err(|_| PickleError::Malformed("a text that is no UTF-8"))?;
        self.at = end;
        self.push(Value::Text(text));
        Ok(())
    }

    fn recall(&mut self, index: usize) -> Result<(), PickleError> {
        let handle = *self.memo.get(index).ok_or(PickleError::Malformed("nothing was remembered there"))?;
        self.stack.push(handle);
        Ok(())
    }

    fn fill(&mut self, items: &[Handle]) -> Result<(), PickleError> {
        let dictionary = *self.stack.last().ok_or(EMPTY)?;
        let Some(Value::Dictionary(entries)) = self.arena.value_mut(dictionary) else {
            return Err(PickleError::Malformed("items for what is no dictionary"));
        };
        let (pairs, odd) = items.as_chunks::<2>();
        if !odd.is_empty() {
            return Err(PickleError::Malformed("a key without a value"));
        }
        entries.extend(pairs.iter().map(|[key, value]| (*key, *value)));
        Ok(())
    }

    fn global(&mut self) -> Result<(), PickleError> {
        let (name, module) = (self.pop()?, self.pop()?);
        let (Value::Text(name), Value::Text(module)) = (self.arena.value(name), self.arena.value(module))
        else {
            return Err(PickleError::Class);
        };
        let of_langchain = module
            .split('.')
            .next()
            .is_some_and(|root| ["langchain", "langchain_core", "langchain_community"].contains(&root));
        let class = match *name {
            "InMemoryDocstore" if of_langchain => Class::Docstore,
            "Document" if of_langchain => Class::Document,
            _ => return Err(PickleError::Class),
        };
        self.push(Value::Class(class));
        Ok(())
    }

    fn object(&mut self) -> Result<(), PickleError> {
        let (arguments, class) = (self.pop()?, self.pop()?);
        let (&Value::Class(class), Value::Empty) = (self.arena.value(class), self.arena.value(arguments))
        else {
            return Err(PickleError::Malformed("an object of no class, or with arguments"));
        };
        self.push(Value::Object { class, state: None });
        Ok(())
    }

    fn build(&mut self) -> Result<(), PickleError> {
        let built_with = self.pop()?;
        let object = *self.stack.last().ok_or(EMPTY)?;
        let Some(Value::Object { state, .. }) = self.arena.value_mut(object) else {
            return Err(PickleError::Malformed("a state for what is no object"));
        };
        *state = Some(built_with);
        Ok(())
    }

    fn push(&mut self, value: Value<'a>) {
        let handle = self.arena.add(value);
        self.stack.push(handle);
    }

    /// Never takes what lies below a mark that is still open.
    fn pop(&mut self) -> Result<Handle, PickleError> {
        if self.marks.last().is_some_and(|mark| self.stack.len() <= *mark) {
            return Err(EMPTY);
        }
        self.stack.pop().ok_or(EMPTY)
    }

    fn since_mark(&mut self) -> Result<Vec<Handle>, PickleError> {
        let mark = self.marks.pop().ok_or(PickleError::Malformed("no mark"))?;
        if mark > self.stack.len() {
            return Err(EMPTY);
        }
        Ok(self.stack.split_off(mark))
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], PickleError> {
        let field = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk).ok_or(PickleError::Cut)?;
        self.at += N;
        Ok(*field)
    }
}

const EMPTY: PickleError = PickleError::Malformed("nothing on the stack");
