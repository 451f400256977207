import Listings

/// What the objects of scans must be for what is learned of them to mean something.
struct ObjectLabelCheck {
    private let learned: [LabelledScan]
    private let tried: [LabelledScan]
    private let task: LearningTask

    init(_ learned: [LabelledScan], _ tried: [LabelledScan], _ task: LearningTask) {
        (self.learned, self.tried, self.task) = (learned, tried, task)
    }

    /// - Throws: ``LearningError`` of kind `labels`.
    func check() throws(LearningError) {
        for (scans, split) in [(learned, "train"), (tried, "val")] where Self.counts(scans, task).reduce(0, +) == 0 {
            throw LearningError(
                .labels,
                "no scan of the split \(split) has an object: does the table of boxes name the scans as the manifest does?"
            )
        }
        let counts = Self.counts(learned, task)
        for (name, count) in zip(task.classes, counts) where count == 0 && task.objectClasses.contains(name) {
            // What is told to be there, but is not, is learned as nothing.
            if learned.contains(where: { $0.objects?.unboxed.contains(name) == false }) {
                throw LearningError(.labels, "no object to train on is of the class \(name)")
            }
        }
    }

    /// What a person should know of the labels, in sentences.
    var notices: [String] {
        var notices: [String] = []
        for (scans, split) in [(learned, "train"), (tried, "val")] {
            let counts = zip(task.classes, Self.counts(scans, task)).filter { task.objectClasses.contains($0.0) }
            notices.append(
                "objects of the split \(split): " + counts.map { "\($0.1) \($0.0.printable)" }.joined(separator: ", "))
        }
        let all = (learned + tried).compactMap(\.objects)
        let empty = all.count { $0.truth.items.isEmpty }
        if empty > 0 { notices.append("the labels of \(empty) of \(all.count.counting("scan")) have no object") }
        if let field = task.receptiveField {
            let sides = (learned + tried).flatMap(\.objectSides)
            let larger = sides.count { $0 > field }
            if larger > 0 {
                notices.append(
                    "\(larger) of \(sides.count.counting("object")) are larger than the \(field) pixels that the network sees "
                        + "at once: it cannot know where they end; shrink the scans by the card's spacing-um-px")
            }
        }
        return notices
    }

    /// How many objects there are of each class.
    private static func counts(_ scans: [LabelledScan], _ task: LearningTask) -> [Int] {
        var counts = [Int](repeating: 0, count: task.classes.count)
        for index in scans.compactMap(\.objects).flatMap(\.classes) { counts[index] += 1 }
        return counts
    }
}
