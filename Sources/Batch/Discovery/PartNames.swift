import CLinux
import Findings
import Glibc
import Slides

/// What in a folder belongs to scans of several files, and is no file of its own.
struct PartNames {
    private var files: Set<String> = []
    private var folders: [String: MultifileForm] = [:]

    /// - Parameter entries: of the folder.
    init(among entries: FolderEntries, in folder: borrowing OpenFolder) {
        for (name, form) in entries.multifileScans() {
            if let own = form.partFolder(ofFileNamed: name.utf8) {
                folders[String(decoding: Array(own), as: UTF8.self)] = form
            } else {
                // What cannot be read is told when the scan is opened.
                files.formUnion(folder.partNames(of: form, ofFileNamed: name))
            }
        }
    }

    /// Whether a file is a part of a scan beside it, as that one says.
    func contains(_ name: String) -> Bool { files.contains(name) }

    /// The form of the scan that a folder holds the parts of; nil for any other folder.
    func form(ofFolder name: String) -> MultifileForm? { folders[name] }
}

extension OpenFolder {
    fileprivate func partNames(of form: MultifileForm, ofFileNamed name: String) -> [String] {
        withDescriptor { folder in
            (try? MultifileParts(form, ofFileNamed: ScanPath(name).bytes, in: folder))?.names ?? []
        }
    }
}

extension FileStamp {
    /// Of a scan with the parts that lie beside it, as far as they can be looked at.
    ///
    /// - Parameter status: of the file that the scan is known by.
    init(_ status: stat, at place: DiscoveredScan.LinkTarget) {
        let name = ScanPath(place.path.lastComponent ?? "").bytes
        guard let form = MultifileForm(ofFileNamed: name) else {
            self.init(status)
            return
        }
        var stamps: [(name: String, stamp: FileStamp)] = []
        if let folder = try? openPlace(place.path.parent, in: place.root, flags: clinux_open_place | O_DIRECTORY),
            let parts = try? MultifileParts(form, ofFileNamed: name, in: folder.number)
        {
            for name in parts.names {
                if let status = parts.status(of: name) { stamps.append((name, FileStamp(status))) }
            }
        }
        self.init(FileStamp(status), parts: stamps)
    }
}
