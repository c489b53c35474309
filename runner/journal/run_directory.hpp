#pragma once
// The folder that holds everything of one tournament: made once, locked while a supervisor works on
// it.
//
//   spec.toml  inputs/ (files that the spec names)  run.db  status.json  events.jsonl
//   attempts/<task>.<attempt>.log  blobs/  <name>-stage-0001/ (the tables)
//
// The identity of the run lies in run.db, in table `meta` (Reader::meta); spec.toml and inputs/
// repeat it for people and for `joust resume`, which compares what they say now with what was
// recorded:
//
//   name, worlds           as in RunIdentity (worlds in decimal)
//   spec                   the spec file, verbatim
//   input.<file name>      the content of each file under inputs/
//   override.<key>         each command-line value that decides results
//   deciding.<key>         each value that decides results
//   shard                  "3/8" (common/shard.hpp), where it is not the whole tournament
//   made_at, made_by       milliseconds since 1970; "joust 0.1.0"

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "common/shard.hpp"
#include "common/unique_fd.hpp"
#include "runner/journal/journal.hpp"

namespace joust::journal {

// Another supervisor holds the lock; the text says so, with its process id where known.
struct LockedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What `joust run` records when it makes a run directory.
struct RunIdentity {
  std::string name;
  std::string spec_text;                      // the spec file, verbatim -> spec.toml
  std::map<std::string, std::string> inputs;  // file name -> content -> inputs/<file name>
  std::map<std::string, std::string>
      overrides;  // command-line values that decide results, e.g. "seed"
  std::map<std::string, std::string> deciding;  // key -> value of everything that decides results
  std::uint64_t worlds = 0;                     // of the whole tournament
  Shard shard = {};
};

// Holds the lock (flock on the folder itself: the kernel drops it when the process dies, and
// nothing is left behind) for as long as it lives; on a network file system also the one that other
// machines see (machines_lock.hpp).
class RunDirectory {
 public:
  // Makes the folder, its files and an empty journal. It appears under its final name only when it
  // is complete. Throws JournalError when the folder exists (the text gives the resume command) or
  // cannot be made. `fill` is called with the folder's temporary place before that, to write more
  // than an empty journal.
  static RunDirectory create(
      const std::filesystem::path& dir, const RunIdentity& identity,
      const std::function<void(const std::filesystem::path& folder)>& fill = {});

  // Takes the lock of an existing one; waits a while when another machine holds it, which may be
  // gone. Throws LockedError, or JournalError when it is no run directory.
  static RunDirectory open(const std::filesystem::path& dir);

  const std::filesystem::path& path() const { return path_; }

 private:
  RunDirectory(std::filesystem::path path, UniqueFd lock, UniqueFd lock_of_all);
  std::filesystem::path path_;
  UniqueFd lock_;
  UniqueFd lock_of_all_;
};

// Whether a supervisor holds the folder's lock now. Takes no lock itself, so it disturbs nobody.
bool is_worked_on(const std::filesystem::path& dir);

// The identity recorded in the run directory that the reader reads (no lock needed). Throws
// JournalError.
class Reader;
RunIdentity read_identity(const Reader& reader, const std::filesystem::path& dir);
// The same without a look at the whole journal, which takes long where there are many.
RunIdentity read_identity(const std::filesystem::path& dir);

// The keys whose values differ between two "deciding" maps, one line each:
// "world.parameters.n_steps: 50 in the run, 60 in spec.toml".
std::vector<std::string> differences(const std::map<std::string, std::string>& recorded,
                                     const std::map<std::string, std::string>& now,
                                     std::string_view where_recorded = "the run",
                                     std::string_view where_now = "spec.toml");

}  // namespace joust::journal
