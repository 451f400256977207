import FindingStore
import Imaging

extension SimilarCommand {
    /// Pictures that are in memory at once while they are looked at.
    private static let batch = 256

    /// Scans that show the same tissue, by the small pictures that the database keeps: those of two patients first.
    func duplicates(in store: FindingStore) throws -> [DuplicateScan] {
        try store.snapshot {
            guard let scans = try store.picturedScans() else {
                throw CommandFailure(
                    .missing,
                    "the database is of an earlier version, which kept no pictures of scans: analyse them again")
            }
            // Which scan each picture is of.
            var owners: [Int] = []
            var search = TissueSearch(threads: Host.processorCount)
            let pictures = scans.indices.flatMap { scan in scans[scan].images.map { (scan: scan, image: $0) } }
            for start in stride(from: 0, to: pictures.count, by: Self.batch) {
                var batch: [GreyImage] = []
                for picture in pictures[start..<min(pictures.count, start + Self.batch)] {
                    let thumbnail = try store.thumbnail(of: scans[picture.scan].sha256, image: picture.image)
                    guard let thumbnail,
                        let grey = GreyImage(jpeg: thumbnail.jpeg, width: thumbnail.width, height: thumbnail.height)
                    else { continue }
                    batch.append(grey)
                    owners.append(picture.scan)
                }
                search.add(batch)
            }
            let known = Set(owners.indices.filter(search.isRecognisable).map { owners[$0] })
            tell(
                scans.count - Set(owners).count, "no small picture that can be read: does the pipeline keep thumbnails?"
            )
            tell(Set(owners).subtracting(known).count, "too little in its picture to be known again")
            return Self.files(of: scans) + Self.tissue(search.pairs(), owners, scans)
        }
    }

    private func tell(_ count: Int, _ why: String) {
        if count > 0 { StandardError.write("scanreport: \(count) scan\(count == 1 ? "" : "s") not compared: \(why)\n") }
    }

    /// Scans that several patients have, to the byte.
    private static func files(of scans: [PicturedScan]) -> [DuplicateScan] {
        scans.flatMap { scan in
            scan.owners.dropFirst().map { other in
                DuplicateScan(
                    first: scan.owners[0], second: other, firstSHA256: scan.sha256, secondSHA256: scan.sha256,
                    shared: nil)
            }
        }
    }

    private static func tissue(
        _ pairs: [TissueSearch.Pair], _ owners: [Int], _ scans: [PicturedScan]
    ) -> [DuplicateScan] {
        var best: [[Int]: SharedTissue] = [:]
        // Several images of a file may show the same section.
        for pair in pairs where owners[pair.first] != owners[pair.second] {
            let key = [owners[pair.first], owners[pair.second]]
            if pair.shared.places > best[key]?.places ?? 0 { best[key] = pair.shared }
        }
        let found = best.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, shared in
            DuplicateScan(
                first: scans[key[0]].owners[0], second: scans[key[1]].owners[0], firstSHA256: scans[key[0]].sha256,
                secondSHA256: scans[key[1]].sha256, shared: shared)
        }
        return found.filter(\.isOfTwoPatients) + found.filter { !$0.isOfTwoPatients }
    }
}
