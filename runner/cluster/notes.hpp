#pragma once
// What a job script says of itself in state/: one line, replaced whenever something changes.
// Without Slurm's accounting nothing else tells how an element ended.
//
//   playing node=n1 idle=0 played=12
//   ended exit=0 node=n1 idle=0 played=120

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace joust::cluster {

enum class NoteKind {
  none,         // it has not begun
  playing,      // it runs, or was killed
  requeued,     // its time limit was near; it asked Slurm to be queued again
  interrupted,  // Slurm stopped it; with an exit code: worlds are left, and joust ended by itself
  stuck,        // its time limit was near again and again, and no world had been finished
  ended,        // joust ended by itself
};

struct Note {
  NoteKind kind = NoteKind::none;
  int exit = 0;      // joust's exit code, where it is known
  std::string node;  // where it ran last
  bool operator==(const Note&) const = default;
};

// A text that no script wrote gives NoteKind::none.
Note parse_note(std::string_view text);

// state/NAME below the submission's folder; nothing there: NoteKind::none.
Note read_note(const std::filesystem::path& dir, const std::string& name);

// Notes of jobs that are submitted again: out of the way, and put back at its end unless Slurm has
// taken these jobs.
class NotesAside {
 public:
  // Throws JournalError when one cannot be moved; then all are where they were.
  NotesAside(const std::filesystem::path& dir, const std::vector<std::string>& names);
  ~NotesAside();
  NotesAside(const NotesAside&) = delete;
  NotesAside& operator=(const NotesAside&) = delete;

  void forget();

 private:
  explicit NotesAside(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path aside(const std::string& name) const {
    return folder_ / ("earlier-" + name);
  }

  std::filesystem::path folder_;
  std::vector<std::string> moved_;
};

}  // namespace joust::cluster
