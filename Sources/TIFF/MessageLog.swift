import CTIFF
import Glibc

/// Collects what libtiff says about one handle, so that nothing goes to standard error. A hostile file can provoke
/// millions of messages: only the first few are kept.
package final class MessageLog {
    private static let capacity = 4
    private static let maximumLength = 300
    private(set) var messages: [String] = []

    /// Once asked for, libtiff prints no more where other libraries use it: its handlers of old are the whole process'.
    package static let silenceOfOthers: Void = {
        TIFFSetErrorHandler(nil)
        TIFFSetWarningHandler(nil)
    }()

    /// The messages since the last call.
    func take() -> [String] {
        defer { messages = [] }
        return messages
    }

    private func record(_ format: UnsafePointer<CChar>?, _ arguments: CVaListPointer) {
        guard messages.count < Self.capacity, let format else { return }
        var text = [CChar](repeating: 0, count: Self.maximumLength)
        let written = vsnprintf(&text, text.count, format, arguments)
        guard written > 0 else { return }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let line = String(decoding: bytes, as: UTF8.self).map { $0.isNewline ? " " : $0 }
        let message = String(line)
        if messages.last != message { messages.append(message) }
    }

    /// libtiff's open options with handlers that write into this log. The caller frees them.
    func makeOpenOptions(maximumSingleAllocation: Int) -> OpaquePointer? {
        guard let options = TIFFOpenOptionsAlloc() else { return nil }
        TIFFOpenOptionsSetMaxSingleMemAlloc(options, tmsize_t(maximumSingleAllocation))
        let log = Unmanaged.passUnretained(self).toOpaque()
        // Answering 1 keeps libtiff from calling its global handlers, which print.
        TIFFOpenOptionsSetErrorHandlerExtR(
            options,
            { _, log, _, format, arguments in
                if let log, let arguments {
                    Unmanaged<MessageLog>.fromOpaque(log).takeUnretainedValue().record(format, arguments)
                }
                return 1
            }, log)
        TIFFOpenOptionsSetWarningHandlerExtR(options, { _, _, _, _, _ in 1 }, nil)
        return options
    }
}
