import CLinux
import Glibc
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

/// Lets this process, and those that it starts, have as many files open as they may: one scan may consist of hundreds.
package func allowManyOpenFiles() {
    var limit = rlimit()
    guard clinux_get_limit(clinux_resource_files, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = clinux_set_limit(clinux_resource_files, &limit)
}
