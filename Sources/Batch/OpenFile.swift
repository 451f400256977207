import SystemPackage

/// An open file, socket or folder that is closed with its value.
struct OpenFile: ~Copyable {
    let descriptor: FileDescriptor

    /// - Precondition: nobody else closes it.
    init(owning descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    var number: CInt { descriptor.rawValue }

    /// Gives the descriptor away: whoever takes it closes it.
    consuming func release() -> FileDescriptor {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}
