#include "runner/cluster/notes.hpp"

#include <array>
#include <sstream>
#include <utility>

#include "common/parse_number.hpp"
#include "common/whole_file.hpp"
#include "runner/journal/files.hpp"

namespace joust::cluster {
namespace {

constexpr std::array<std::pair<std::string_view, NoteKind>, 5> kKinds = {
    {{"playing", NoteKind::playing},
     {"requeued", NoteKind::requeued},
     {"interrupted", NoteKind::interrupted},
     {"stuck", NoteKind::stuck},
     {"ended", NoteKind::ended}}};

constexpr std::string_view kExit = "exit=";
constexpr std::string_view kNode = "node=";

}  // namespace

Note parse_note(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  Note note;
  for (const auto& [name, kind] : kKinds) {
    if (word == name) note.kind = kind;
  }
  bool has_exit = false;
  while (words >> word) {
    if (word.starts_with(kNode)) note.node = word.substr(kNode.size());
    if (!word.starts_with(kExit)) continue;
    const auto code = parse_number<int>(std::string_view(word).substr(kExit.size()));
    has_exit = code.has_value();
    note.exit = code.value_or(0);
  }
  if (note.kind == NoteKind::ended && !has_exit) return {};
  return note.kind == NoteKind::none ? Note() : note;
}

Note read_note(const std::filesystem::path& dir, const std::string& name) {
  return parse_note(read_whole_file(dir / "state" / name).value_or(""));
}

// (The destructor runs when this throws: the object was complete when the other constructor was.)
NotesAside::NotesAside(const std::filesystem::path& dir, const std::vector<std::string>& names)
    : NotesAside(dir / "state") {
  moved_.reserve(names.size());
  for (const std::string& name : names) {
    std::error_code error;
    std::filesystem::rename(folder_ / name, aside(name), error);
    if (!error) moved_.push_back(name);
    if (error && error != std::errc::no_such_file_or_directory) {
      journal::fail_system(folder_ / name, "set it aside", error.value());
    }
  }
}

NotesAside::~NotesAside() {
  for (const std::string& name : moved_) {
    std::error_code ignored;
    std::filesystem::rename(aside(name), folder_ / name, ignored);
  }
}

void NotesAside::forget() {
  for (const std::string& name : moved_) {
    std::error_code ignored;
    std::filesystem::remove(aside(name), ignored);
  }
  moved_.clear();
}

}  // namespace joust::cluster
