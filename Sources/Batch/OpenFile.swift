import SystemPackage

/// An open file, socket or folder that is closed with its value.
package struct OpenFile: ~Copyable {
    package let descriptor: FileDescriptor

    /// - Precondition: nobody else closes it.
    package init(owning descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    package var number: CInt { descriptor.rawValue }

    /// Gives the descriptor away: whoever takes it closes it.
    package consuming func release() -> FileDescriptor {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}
