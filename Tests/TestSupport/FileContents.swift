import Foundation

/// The bytes of every file in a folder, by its path there.
public func fileContents(of folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
        var isFolder: ObjCBool = false
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            continue
        }
        files[name] = try Data(contentsOf: URL(filePath: path))
    }
    return files
}
