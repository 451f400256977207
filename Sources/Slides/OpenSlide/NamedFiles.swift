import CDescriptorStream
import Glibc
import SystemPackage

/// The open files of a scan under names by which OpenSlide opens them, for as long as this value is there.
struct NamedFiles: ~Copyable {
    /// Of the file that the scan is known by; ends with a zero.
    let path: [CChar]
    private let descriptor: Int32
    private let isFolder: Bool
    private let owner: ScanFiles.Owner?

    /// - Parameter files: the first is duplicated, for its number to be nobody else's.
    init(_ files: ScanFiles) throws(SlideError) {
        (descriptor, path) = try Self.named(files)
        isFolder = files.form != nil
        owner = files.owner
    }

    private static func named(_ files: ScanFiles) throws(SlideError) -> (descriptor: Int32, path: [CChar]) {
        let descriptor = fcntl(files.descriptor, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0 else {
            throw SlideError(.inputOutput, "cannot use the file descriptor: \(Errno(rawValue: errno))")
        }
        var path = [CChar](repeating: 0, count: Int(cdescriptor_path_size))
        cdescriptor_path(descriptor, &path)
        guard let form = files.form else { return (descriptor, path) }
        // Whatever the scan is called: OpenSlide goes by the suffix, and looks for parts where the form has them.
        let name = "scan.\(form.suffix)"
        let folder =
            form.partFolder(ofFileNamed: Array(name.utf8)).map { String(decoding: $0, as: UTF8.self) + "/" } ?? ""
        let names = [name] + files.parts.map { folder + $0.name }
        guard add(names, [descriptor] + files.parts.map(\.descriptor), toFolder: descriptor) else {
            close(descriptor)
            throw SlideError(.inputOutput, "no memory for the names of the scan's files")
        }
        return (descriptor, path.prefix { $0 != 0 } + "/\(name)".utf8CString)
    }

    deinit {
        if isFolder { cdescriptor_remove_folder(descriptor) }
        close(descriptor)
    }

    private static func add(_ names: [String], _ descriptors: [Int32], toFolder number: Int32) -> Bool {
        let copies = names.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        guard !copies.contains(nil) else { return false }
        return cdescriptor_add_folder(number, names.count, copies.map { UnsafePointer($0) }, descriptors)
    }
}
