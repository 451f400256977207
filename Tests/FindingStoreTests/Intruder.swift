import GRDB

/// Someone with write access to the file and a tool: drops what guards the rows, changes them, and puts the guards back.
struct Intruder {
    let database: DatabaseQueue

    init(at path: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        database = try DatabaseQueue(path: path, configuration: configuration)
    }

    func execute(_ statements: String) throws {
        try database.inDatabase { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
            try db.execute(sql: statements)
            for trigger in triggers { try db.execute(sql: trigger["sql"]) }
        }
        try database.close()
    }
}
