#include "runner/journal/scratch_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "common/hash.hpp"
#include "common/unique_fd.hpp"
#include "runner/journal/files.hpp"
#include "runner/journal/journal_file.hpp"
#include "runner/journal/new_folder.hpp"
#include "runner/journal/schema.hpp"
#include "runner/journal/sqlite.hpp"
#include "runner/machine/file_system.hpp"

namespace joust::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporary = ".run.db.";  // and the machine, the process, ".tmp"

bool is_usable(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder, error) && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

fs::path scratch_of(const ScratchOptions& options) {
  if (!options.scratch.empty()) {
    const fs::path& given = options.scratch;
    if (!is_usable(given)) {
      throw JournalError(
          fmt::format("--scratch {}: it is no folder that can be written", given.string()));
    }
    if (const std::string name = machine::network_file_system(given); !name.empty()) {
      throw JournalError(fmt::format(
          "--scratch {}: it is on a network file system ({}), too; name a folder of this machine",
          given.string(), name));
    }
    return given;
  }
  if (const auto found = default_scratch()) return *found;
  throw JournalError(
      "the run directory is on a network file system, and no folder of this machine was found for "
      "its journal ($TMPDIR, /tmp, /var/tmp, /dev/shm): name one with --scratch");
}

// What tells the run from all others, also from one that was there before under the same path.
std::string identity_of(const Database& database) {
  return database.text(fmt::format("SELECT value FROM meta WHERE key = '{}'", kMetaChecksumKey));
}

// Of a run directory that is being made, by a merge, nothing is ever gone on with.
std::string prefix_of_unfinished() { return fmt::format("joust-unfinished-{}-", ::geteuid()); }

fs::path folder_for(const fs::path& run_dir, const std::string& identity,
                    const ScratchOptions& options) {
  const std::string hash =
      fmt::format("{:016x}", hash_bytes(fs::canonical(run_dir).string() + '\n' + identity));
  const std::string prefix =
      is_in_the_making(run_dir) ? prefix_of_unfinished() : fmt::format("joust-{}-", ::geteuid());
  return scratch_of(options) / (prefix + hash);
}

void remove_unfinished(const fs::path& scratch) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(scratch, error)) {
    if (!entry.path().filename().string().starts_with(prefix_of_unfinished())) continue;
    const UniqueFd fd(
        ::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), error);
  }
}

// The folder, made where it is not there, and locked against others on this machine.
UniqueFd claim(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    fail_system(folder, "create it", errno);
  }
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) fail_system(folder, "open it", errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) fail_system(folder, "look at it", errno);
  if (status.st_uid != ::geteuid()) {
    throw JournalError(
        fmt::format("{}: it belongs to somebody else; remove it, or use another "
                    "scratch (--scratch)",
                    folder.string()));
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    throw JournalError(
        fmt::format("{}: another joust on this machine works with it", folder.string()));
  }
  return fd;
}

// How much a journal knows.
struct Known {
  std::int64_t results = 0;
  std::int64_t rows = 0;  // with failed attempts, and worlds that were given up

  explicit Known(const Database& database)
      : results(database.integer("SELECT count(*) FROM result")),
        rows(results + database.integer("SELECT (SELECT count(*) FROM failed_attempt) + "
                                        "(SELECT count(*) FROM quarantine)")) {}
};

std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

void copy_bytes(const fs::path& from, const fs::path& to) {
  if (!copy_regular_file(from, to)) fail_system(from, "read it", errno);
}

// What processes left that were killed while they copied.
void remove_temporaries(const fs::path& run_dir) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run_dir, error)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(kTemporary) && name.ends_with(".tmp")) fs::remove(entry.path(), error);
  }
}

std::string identity_in(const fs::path& run_dir) {
  const fs::path file = journal_file(run_dir);
  return identity_of(Database(file, reading_mode(file)));
}

}  // namespace

void require_scratch(const fs::path& run_dir, const ScratchOptions& options) {
  const fs::path above = machine::existing_part(fs::absolute(run_dir));
  if (!options.scratch.empty() || !machine::network_file_system(above).empty()) scratch_of(options);
}

std::optional<fs::path> default_scratch() {
  const char* tmpdir = std::getenv("TMPDIR");
  for (const char* folder : {tmpdir == nullptr ? "" : tmpdir, "/tmp", "/var/tmp", "/dev/shm"}) {
    if (*folder != '\0' && is_usable(folder) && machine::network_file_system(folder).empty())
      return folder;
  }
  return std::nullopt;
}

void copy_database(const fs::path& database, const fs::path& run_dir) {
  const fs::path snapshot = database.parent_path() / "snapshot.db";
  const fs::path temporary =
      run_dir / fmt::format("{}{}-{}.tmp", kTemporary, machine_name(), ::getpid());
  std::error_code ignored;
  fs::remove(snapshot, ignored);
  try {
    Database(database, Database::Mode::read)
        .execute(fmt::format("VACUUM INTO {}", quoted(snapshot.string())));
    copy_bytes(snapshot, temporary);
    if (::rename(temporary.c_str(), (run_dir / "run.db").c_str()) != 0) {
      fail_system(run_dir / "run.db", "replace it", errno);
    }
  } catch (const JournalError&) {
    fs::remove(temporary, ignored);
    fs::remove(snapshot, ignored);
    throw;
  }
  fs::remove(snapshot, ignored);
  sync_path(run_dir);
}

std::optional<std::uint64_t> recover_scratch(const fs::path& run_dir,
                                             const ScratchOptions& options) {
  const fs::path published = journal_file(run_dir);
  const std::string identity = identity_in(run_dir);
  const fs::path folder = folder_for(run_dir, identity, options);
  const fs::path left = folder / "run.db";
  std::error_code error;
  if (!fs::exists(left, error)) return std::nullopt;
  const UniqueFd lock = claim(folder);
  std::optional<std::uint64_t> more;
  try {
    const Database database(left, Database::Mode::write);
    check_writable(database);
    const Known known(Database(published, reading_mode(published)));
    const Known found(database);
    if (identity_of(database) == identity && found.results >= known.results &&
        found.rows > known.rows) {
      more = static_cast<std::uint64_t>(found.results - known.results);
    }
  } catch (const JournalError&) {
    more.reset();  // it was killed while it copied, or the file is damaged: what is published is
                   // sound
  }
  if (more) copy_database(left, run_dir);
  fs::remove_all(folder, error);
  return more;
}

struct ScratchJournal::Impl {
  Impl(const fs::path& dir, const ScratchOptions& options)
      : run_dir(dir),
        copy_every(options.copy_every),
        folder(folder_for(dir, identity_in(dir), options)),
        lock(claim(folder)) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) fs::remove_all(entry, error);
    remove_unfinished(folder.parent_path());
    remove_temporaries(run_dir);
    copy_bytes(run_dir / "run.db", file());
    Database(file(), Database::Mode::write).execute("PRAGMA journal_mode=WAL");
  }
  ~Impl() {
    stop();
    watched.reset();
    std::error_code ignored;
    if (is_in_the_making(run_dir)) fs::remove_all(folder, ignored);  // worth nothing without it
  }

  fs::path file() const { return folder / "run.db"; }

  void stop() {
    if (!thread.joinable()) return;
    {
      const std::lock_guard guard(mutex);
      stopping = true;
    }
    changed.notify_all();
    thread.join();
  }

  // The thread.
  void copy_again_and_again() {
    std::int64_t copied = -1;  // no version
    Duration wait = copy_every;
    std::unique_lock guard(mutex);
    while (!changed.wait_for(guard, wait, [this] { return stopping; })) {
      guard.unlock();
      const auto began = std::chrono::steady_clock::now();
      copied = copy_if_changed(copied);
      wait = std::max<Duration>(copy_every, 20 * (std::chrono::steady_clock::now() - began));
      guard.lock();
    }
  }

  std::int64_t copy_if_changed(std::int64_t copied) {
    try {
      const std::int64_t now = version();
      if (now == copied) return copied;
      copy_database(file(), run_dir);
      return now;
    } catch (const JournalError& error) {
      if (!std::exchange(told, true)) {
        fmt::print(stderr,
                   "joust: warning: the journal could not be copied: {}; it is tried again\n",
                   error.what());
      }
      return copied;
    }
  }

  // Differs whenever something was committed in between.
  std::int64_t version() {
    if (!watched) watched.emplace(file(), Database::Mode::read);
    return watched->integer("PRAGMA data_version");
  }

  fs::path run_dir;
  Duration copy_every;
  fs::path folder;
  UniqueFd lock;
  std::thread thread;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::optional<Database> watched;  // the thread's, as the next one
  bool told = false;
};

ScratchJournal::ScratchJournal(const fs::path& run_dir, const ScratchOptions& options)
    : impl_(std::make_unique<Impl>(run_dir, options)) {}

ScratchJournal::~ScratchJournal() = default;

fs::path ScratchJournal::file() const { return impl_->file(); }

void ScratchJournal::copy_regularly() {
  impl_->thread = std::thread([this] { impl_->copy_again_and_again(); });
}

void ScratchJournal::finish() {
  impl_->stop();
  impl_->watched.reset();
  try {
    copy_database(impl_->file(), impl_->run_dir);
  } catch (const JournalError& error) {
    if (is_in_the_making(impl_->run_dir)) throw;
    throw JournalError(fmt::format("{}. The journal is in {} on {} until then", error.what(),
                                   impl_->folder.string(), machine_name()),
                       error.disk_full);
  }
  std::error_code ignored;
  fs::remove_all(impl_->folder, ignored);
}

}  // namespace joust::journal
