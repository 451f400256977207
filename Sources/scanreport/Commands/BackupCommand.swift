import ArgumentParser
import FindingStore

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into a file, also while a run writes it.",
        discussion: """
            The copy is one file, as of one moment, and holds everything: keep it as you keep the database. Reviews, where \
            there are some, go into FILE-reviews. Copying by \
            other means takes the database and its `-wal` together, while nothing writes.
            """)

    @Argument(help: ArgumentHelp("The file to be made.", valueName: "file"))
    var file: String

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        try database.read { store in
            try ProtectedPlaces(store).check(file, "FILE")
            try store.backUp(to: file)
        }
    }
}
