#pragma once
// The journal of a run directory that lies on a network file system. SQLite's write-ahead log needs
// memory that processes share through a file, and locks that work, and has neither there. So while
// a session works, its journal is a copy in a folder on a file system of this machine (scratch),
// and goes back to DIR/run.db now and then, whole or not at all: written under another name, then
// renamed. Readers of DIR/run.db, on any machine, find the last copy.
//
// A session that ends takes its journal back before it says so. When joust is killed, what was
// committed since the last copy stays in the scratch folder: the next session on this machine finds
// it. On another machine, or when scratch is gone, those worlds are played again.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "runner/journal/journal.hpp"

namespace joust::journal {

struct ScratchOptions {
  std::filesystem::path scratch;  // a folder on this machine; empty: the first of $TMPDIR, /tmp,
                                  // /var/tmp and /dev/shm that is one and can be written
  Duration copy_every = std::chrono::seconds(30);  // at most a twentieth of the time is spent on it
};

// The folder that is used when none is given, as above; nothing: there is none.
std::optional<std::filesystem::path> default_scratch();

// Throws JournalError where the run directory, which need not exist yet, will want a scratch that
// there is not, or the given one cannot be used.
void require_scratch(const std::filesystem::path& run_dir, const ScratchOptions& options);

// Takes what an earlier session left in this machine's scratch into DIR/run.db, if it knows more
// and has no fewer results than that. Returns how many results more; nothing when nothing was
// taken. Throws JournalError. REQUIRES: the run directory's lock.
std::optional<std::uint64_t> recover_scratch(const std::filesystem::path& run_dir,
                                             const ScratchOptions& options);

class ScratchJournal {
 public:
  // Copies DIR/run.db to scratch. Throws JournalError, also when there is no scratch, and when
  // another process on this machine works on such a copy. REQUIRES: the run directory's lock.
  ScratchJournal(const std::filesystem::path& run_dir, const ScratchOptions& options);
  // Leaves the copy where it is, unless finish() has taken it back, or the run directory was only
  // in the making.
  ~ScratchJournal();
  ScratchJournal(const ScratchJournal&) = delete;
  ScratchJournal& operator=(const ScratchJournal&) = delete;

  // The database to work with.
  std::filesystem::path file() const;

  // From now on a thread copies it back every now and then, when something was committed since.
  // What goes wrong is told on standard error (once), and tried again.
  void copy_regularly();

  // Stops that, copies for the last time and removes the scratch. Throws JournalError, which says
  // where the journal is then. REQUIRES: nobody has the database open.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Makes DIR/run.db on a network file system what `database` holds, on which others may be working.
// Throws JournalError.
void copy_database(const std::filesystem::path& database, const std::filesystem::path& run_dir);

}  // namespace joust::journal
