#include "runner/cluster/notes.hpp"

#include <array>
#include <sstream>
#include <utility>

#include "common/parse_number.hpp"
#include "common/whole_file.hpp"

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

}  // namespace joust::cluster
