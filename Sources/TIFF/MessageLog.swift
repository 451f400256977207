import CTIFF
import Glibc

/// Collects what libtiff says about one handle, so that nothing goes to standard error. A hostile file can provoke
/// millions of messages: only the first few are kept.
package final class MessageLog {
    private static let capacity = 4
    private static let maximumLength = 300
    private(set) var messages: [String] = []
    /// What the JPEG codec warns of, and decodes all the same.
    private var jpegWarnings: [String] = []

    /// Once asked for, libtiff prints no more where other libraries use it: its handlers of old are the whole process'.
    package static let silenceOfOthers: Void = {
        TIFFSetErrorHandler(nil)
        TIFFSetWarningHandler(nil)
    }()

    /// The messages since the last call.
    func take() -> [String] {
        defer { (messages, jpegWarnings) = ([], []) }
        return messages
    }

    /// The JPEG codec's warnings since the last call of this or of `take`.
    func takeJPEGWarnings() -> [String] {
        defer { jpegWarnings = [] }
        return jpegWarnings
    }

    private static func record(
        _ format: UnsafePointer<CChar>?, _ arguments: CVaListPointer, in messages: inout [String]
    ) {
        guard messages.count < capacity, let format else { return }
        var text = [CChar](repeating: 0, count: maximumLength)
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
                    MessageLog.record(
                        format, arguments, in: &Unmanaged<MessageLog>.fromOpaque(log).takeUnretainedValue().messages)
                }
                return 1
            }, log)
        TIFFOpenOptionsSetWarningHandlerExtR(
            options,
            { _, log, module, format, arguments in
                if let log, let arguments, let module, String(cString: module).hasPrefix("JPEG") {
                    MessageLog.record(
                        format, arguments,
                        in: &Unmanaged<MessageLog>.fromOpaque(log).takeUnretainedValue().jpegWarnings)
                }
                return 1
            }, log)
        return options
    }
}
