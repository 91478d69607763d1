//! The builtin classes, at fixed places of the heap so that they are constants.

pub mod bool;
pub mod bytearray;
pub mod bytes;
mod bytes_convert;
pub mod deque;
pub mod dict;
pub mod float;
pub mod frozenset;
pub mod int;
pub mod iterators;
pub mod list;
pub mod object;
pub mod range;
pub mod receiver;
pub mod set;
mod set_algebra;
pub mod slice;
pub mod sorting;
pub mod str;
mod str_format;
mod str_search;
mod str_translate;
pub mod tuple;
pub mod views;

use crate::id::ObjId;

macro_rules! classes {
    ($($variant:ident $name:literal $base:ident,)*) => {
        /// A builtin class. `Ty::X.id()` is its heap object.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        #[repr(u32)]
        pub enum Ty { $(
            #[doc = concat!("`", $name, "`")]
            $variant,
        )* }

        impl Ty {
            /// All builtin classes in heap order: class, name, base.
            pub const ALL: &'static [(Ty, &'static str, Ty)] = &[$((Ty::$variant, $name, Ty::$base),)*];
        }
    };
}

classes! {
    Object "object" Object,
    Type "type" Object,
    NoneType "NoneType" Object,
    NotImplementedType "NotImplementedType" Object,
    Ellipsis "ellipsis" Object,
    Int "int" Object,
    Bool "bool" Int,
    Float "float" Object,
    Str "str" Object,
    Bytes "bytes" Object,
    Tuple "tuple" Object,
    List "list" Object,
    Dict "dict" Object,
    ByteArray "bytearray" Object,
    Set "set" Object,
    FrozenSet "frozenset" Object,
    Range "range" Object,
    Slice "slice" Object,
    Deque "collections.deque" Object,
    Cell "cell" Object,
    Function "function" Object,
    Method "method" Object,
    Native "builtin_function_or_method" Object,
    MethodWrapper "method-wrapper" Object,
    MethodDescriptor "method_descriptor" Object,
    WrapperDescriptor "wrapper_descriptor" Object,
    Module "module" Object,
    Generator "generator" Object,
    ListIterator "list_iterator" Object,
    TupleIterator "tuple_iterator" Object,
    RangeIterator "range_iterator" Object,
    LongRangeIterator "longrange_iterator" Object,
    StrIterator "str_iterator" Object,
    BytesIterator "bytes_iterator" Object,
    ByteArrayIterator "bytearray_iterator" Object,
    DictKeyIterator "dict_keyiterator" Object,
    SetIterator "set_iterator" Object,
    Enumerate "enumerate" Object,
    Zip "zip" Object,
    Reversed "reversed" Object,
    Map "map" Object,
    Filter "filter" Object,
    CallableIterator "callable_iterator" Object,
    SequenceIterator "iterator" Object,
    ListReverseIterator "list_reverseiterator" Object,
    StrAsciiIterator "str_ascii_iterator" Object,
    DictValueIterator "dict_valueiterator" Object,
    DictItemIterator "dict_itemiterator" Object,
    Property "property" Object,
    StaticMethod "staticmethod" Object,
    ClassMethod "classmethod" Object,
    Super "super" Object,
    MemberDescriptor "member_descriptor" Object,
    GetSetDescriptor "getset_descriptor" Object,
    MappingProxy "mappingproxy" Object,
    DictKeys "dict_keys" Object,
    DictValues "dict_values" Object,
    DictItems "dict_items" Object,
    Lock "_thread.lock" Object,
    RLock "_thread.RLock" Object,
    Condition "threading.Condition" Object,
    Semaphore "threading.Semaphore" Object,
    BoundedSemaphore "threading.BoundedSemaphore" Semaphore,
    Event "threading.Event" Object,
    Barrier "threading.Barrier" Object,
    QueueSync "_queue.QueueSync" Object,
    Traceback "traceback" Object,
    Code "code" Object,
    Opaque "_raddle.state" Object,
    BaseException "BaseException" Object,
    SystemExit "SystemExit" BaseException,
    KeyboardInterrupt "KeyboardInterrupt" BaseException,
    GeneratorExit "GeneratorExit" BaseException,
    Exception "Exception" BaseException,
    StopIteration "StopIteration" Exception,
    StopAsyncIteration "StopAsyncIteration" Exception,
    ArithmeticError "ArithmeticError" Exception,
    FloatingPointError "FloatingPointError" ArithmeticError,
    OverflowError "OverflowError" ArithmeticError,
    ZeroDivisionError "ZeroDivisionError" ArithmeticError,
    AssertionError "AssertionError" Exception,
    AttributeError "AttributeError" Exception,
    BufferError "BufferError" Exception,
    EOFError "EOFError" Exception,
    ImportError "ImportError" Exception,
    ModuleNotFoundError "ModuleNotFoundError" ImportError,
    LookupError "LookupError" Exception,
    IndexError "IndexError" LookupError,
    KeyError "KeyError" LookupError,
    MemoryError "MemoryError" Exception,
    NameError "NameError" Exception,
    UnboundLocalError "UnboundLocalError" NameError,
    OSError "OSError" Exception,
    BlockingIOError "BlockingIOError" OSError,
    ChildProcessError "ChildProcessError" OSError,
    ConnectionError "ConnectionError" OSError,
    BrokenPipeError "BrokenPipeError" ConnectionError,
    ConnectionAbortedError "ConnectionAbortedError" ConnectionError,
    ConnectionRefusedError "ConnectionRefusedError" ConnectionError,
    ConnectionResetError "ConnectionResetError" ConnectionError,
    FileExistsError "FileExistsError" OSError,
    FileNotFoundError "FileNotFoundError" OSError,
    InterruptedError "InterruptedError" OSError,
    IsADirectoryError "IsADirectoryError" OSError,
    NotADirectoryError "NotADirectoryError" OSError,
    PermissionError "PermissionError" OSError,
    ProcessLookupError "ProcessLookupError" OSError,
    TimeoutError "TimeoutError" OSError,
    ReferenceError "ReferenceError" Exception,
    RuntimeError "RuntimeError" Exception,
    NotImplementedError "NotImplementedError" RuntimeError,
    RecursionError "RecursionError" RuntimeError,
    PythonFinalizationError "PythonFinalizationError" RuntimeError,
    BrokenBarrierError "threading.BrokenBarrierError" RuntimeError,
    SyntaxError "SyntaxError" Exception,
    IndentationError "IndentationError" SyntaxError,
    TabError "TabError" IndentationError,
    SystemError "SystemError" Exception,
    TypeError "TypeError" Exception,
    ValueError "ValueError" Exception,
    UnicodeError "UnicodeError" ValueError,
    UnicodeDecodeError "UnicodeDecodeError" UnicodeError,
    UnicodeEncodeError "UnicodeEncodeError" UnicodeError,
    UnicodeTranslateError "UnicodeTranslateError" UnicodeError,
    QueueEmpty "_queue.Empty" Exception,
    QueueFull "queue.Full" Exception,
    QueueShutDown "queue.ShutDown" Exception,
    Warning "Warning" Exception,
    UserWarning "UserWarning" Warning,
    DeprecationWarning "DeprecationWarning" Warning,
    PendingDeprecationWarning "PendingDeprecationWarning" Warning,
    SyntaxWarning "SyntaxWarning" Warning,
    RuntimeWarning "RuntimeWarning" Warning,
    FutureWarning "FutureWarning" Warning,
    ImportWarning "ImportWarning" Warning,
    UnicodeWarning "UnicodeWarning" Warning,
    BytesWarning "BytesWarning" Warning,
    ResourceWarning "ResourceWarning" Warning,
    EncodingWarning "EncodingWarning" Warning,
}

impl Ty {
    /// Its class object.
    #[inline(always)]
    pub const fn id(self) -> ObjId {
        ObjId(self as u32)
    }

    /// Whether its instances are exceptions.
    pub fn is_exception(self) -> bool {
        self >= Ty::BaseException
    }
}
