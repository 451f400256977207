import FindingStore
import Findings
import Listings
import Reporting

/// What people said of a finding, and where one more says it.
struct ReviewForm {
    let finding: Finding
    /// The last one first.
    let reviews: [Review]
    /// Those that it could have had.
    let labels: [String]

    var markup: Markup {
        let options = labels.filter { $0 != finding.label }.map { "<option value=\"\($0)\"></option>" as Markup }
        return """
            <form id="review" method="post" autocomplete="off">
            <h3>Review</h3>
            \(said)
            <label for="reviewer">Your name or initials</label>
            <input id="reviewer" name="reviewer" type="text" required="required" maxlength="\(Review.longest.reviewer)" />
            <label for="note">Note <kbd>t</kbd></label>
            <textarea id="note" name="note" rows="2" maxlength="\(Review.longest.note)"></textarea>
            <div class="row"><button name="verdict" value="agreed">✔ Agree <kbd>a</kbd></button>\
            <button name="verdict" value="rejected">✖ Reject <kbd>r</kbd></button></div>
            <label for="label">Another label <kbd>l</kbd></label>
            <div class="row"><input id="label" name="label" type="text" list="other-labels" maxlength="\(Review.longest.label)" />\
            <datalist id="other-labels">\(options)</datalist>\
            <button name="verdict" value="relabelled">Relabel</button></div>
            <div class="row"><button name="verdict" value="noted">Keep only the note</button></div>
            </form>
            """
    }

    private var said: Markup {
        if reviews.isEmpty { return "<p class=\"faint\">Nobody has reviewed it.</p>" }
        let items = reviews.map { review -> Markup in
            let note: Markup = review.note.isEmpty ? .empty : ": “\(review.note)”"
            return "<li><strong>\(Self.words(review))</strong> by \(review.reviewer), \(review.at.minute)\(note)</li>"
        }
        return "<ul>\(items)</ul>"
    }

    private static func words(_ review: Review) -> String {
        switch review.verdict {
        case .agreed: "✔ agreed"
        case .rejected: "✖ rejected"
        case .relabelled: "➜ \(review.label ?? "")"
        case .noted: "noted"
        }
    }
}
