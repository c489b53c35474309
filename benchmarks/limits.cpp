// What the machine itself can do, without joust: what its figures are held against.
//
//   wake     two processes ring each other's eventfd, both asleep before each round
//   copy     a block of memory is copied, over and over
//   insert   rows of a journal's shape go into SQLite, with the journal's settings, in one thread
//   flush    files are written, flushed to the disk and renamed, with their folder, as joust does
//   free     a process with so much memory is killed, until it has ended
//   work     two processes keep a core busy for a given time, over and over, as no-op worlds do

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "benchmarks/support/folder.hpp"
#include "benchmarks/support/harness.hpp"
#include "benchmarks/support/program.hpp"
#include "common/bell.hpp"
#include "common/text.hpp"

namespace {

using namespace joust;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string what;
  std::uint64_t count = 1;
  std::string size = "1MiB";
  std::string work = "0s";
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// A child that runs `body` and ends; killed and reaped at the latest by the destructor.
class Child {
 public:
  template <class Body>
  explicit Child(Body body) : pid_(::fork()) {
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) return;
    body();
    ::_exit(0);
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void end() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    wait();
  }
  void wait() {
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_;
};

nlohmann::json wake(const Options& options) {
  const UniqueFd there = make_bell(0);
  const UniqueFd back = make_bell(0);
  const Child echo([&there, &back] {
    for (;;) {
      wait_for_bell(there.get());
      ring_bell(back.get());
    }
  });
  std::vector<double> microseconds;
  for (std::uint64_t i = 0; i < options.count; ++i) {
    ::poll(nullptr, 0, 1);  // both sides fall asleep
    const auto start = Clock::now();
    ring_bell(there.get());
    wait_for_bell(back.get());
    microseconds.push_back(1e6 * seconds_since(start));
  }
  return {{"microseconds", microseconds}};
}

nlohmann::json copy(const Options& options) {
  std::vector<char> from(parse_size(options.size).value(), 'x');
  std::vector<char> to(from.size());
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < options.count; ++i) {
    from[i % from.size()] = static_cast<char>(i);
    std::memcpy(to.data(), from.data(), from.size());
    asm volatile("" : : "r"(to.data()) : "memory");
  }
  return {{"bytes", options.count * from.size()}, {"seconds", seconds_since(start)}};
}

void check(sqlite3* database, int result) {
  if (result != SQLITE_OK && result != SQLITE_DONE) {
    throw std::runtime_error(fmt::format("SQLite: {}", sqlite3_errmsg(database)));
  }
}

class Database {
 public:
  Database() {
    check(handle_, sqlite3_open((folder_.path() / "run.db").c_str(), &handle_));
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4096;"
        "CREATE TABLE result(task INTEGER PRIMARY KEY, attempt INTEGER NOT NULL,"
        " played INTEGER NOT NULL, checksum INTEGER NOT NULL, slot INTEGER NOT NULL,"
        " at INTEGER NOT NULL, encoded BLOB, blob_size INTEGER, blob_hash TEXT)");
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql) {
    check(handle_, sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
  }
  sqlite3* get() const { return handle_; }

 private:
  bench::Folder folder_;
  sqlite3* handle_ = nullptr;
};

void insert_rows(const Database& database, std::uint64_t count, const std::string& bytes) {
  constexpr std::int64_t kLarge = 0x5DEECE66D;  // a checksum takes eight bytes, a time six
  sqlite3_stmt* row = nullptr;
  check(
      database.get(),
      sqlite3_prepare_v2(database.get(), "INSERT INTO result VALUES(?1,1,?2,?3,1,?4,?5,NULL,NULL)",
                         -1, &row, nullptr));
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto task = static_cast<std::int64_t>(i);
    sqlite3_bind_int64(row, 1, task);
    sqlite3_bind_int64(row, 2, task % 1000);
    sqlite3_bind_int64(row, 3, (task + 1) * kLarge * kLarge);
    sqlite3_bind_int64(row, 4, kLarge * 50 + task / 500);
    sqlite3_bind_blob(row, 5, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
    check(database.get(), sqlite3_step(row));
    sqlite3_reset(row);
    constexpr std::uint64_t kRowsPerCommit = 4096;
    if (i % kRowsPerCommit == kRowsPerCommit - 1) {
      check(database.get(),
            sqlite3_exec(database.get(), "COMMIT; BEGIN", nullptr, nullptr, nullptr));
    }
  }
  sqlite3_finalize(row);
}

nlohmann::json insert(const Options& options) {
  Database database;
  const std::string bytes(parse_size(options.size).value(), 'x');
  const auto start = Clock::now();
  const double before = bench::processor_seconds();
  database.run("BEGIN");
  insert_rows(database, options.count, bytes);
  database.run("COMMIT");
  return {{"rows", options.count},
          {"seconds", seconds_since(start)},
          {"processor_seconds", bench::processor_seconds() - before}};
}

void flush_file(const std::filesystem::path& folder, std::uint64_t number,
                const std::string& bytes) {
  const std::filesystem::path name = folder / fmt::format("file.{}", number);
  const UniqueFd file(
      ::open((name.string() + ".tmp").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  const char* from = bytes.data();
  for (std::size_t left = bytes.size(); left > 0;) {
    const ssize_t written = ::write(file.get(), from, left);
    if (written < 0) throw std::runtime_error("cannot write " + name.string());
    from += written;
    left -= static_cast<std::size_t>(written);
  }
  const UniqueFd parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (::fsync(file.get()) != 0) throw std::runtime_error("cannot flush " + name.string());
  std::filesystem::rename(name.string() + ".tmp", name);
  if (::fsync(parent.get()) != 0) throw std::runtime_error("cannot flush " + folder.string());
}

nlohmann::json flush(const Options& options) {
  const bench::Folder folder;
  const std::string bytes(parse_size(options.size).value(), 'x');
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < options.count; ++i) flush_file(folder.path(), i, bytes);
  return {{"bytes", options.count * bytes.size()}, {"seconds", seconds_since(start)}};
}

// Each child does half of it.
nlohmann::json work(const Options& options) {
  const std::uint64_t half = options.count / 2;
  const Duration each = parse_duration(options.work).value();
  const auto spin = [half, each] {
    for (std::uint64_t i = 0; i < half; ++i) {
      const auto end = Clock::now() + each;
      while (Clock::now() < end) {
      }
    }
  };
  const auto start = Clock::now();
  Child one(spin);
  Child other(spin);
  one.wait();
  other.wait();
  return {{"worlds", 2 * half}, {"seconds", seconds_since(start)}};
}

nlohmann::json free_memory(const Options& options) {
  const std::uint64_t size = parse_size(options.size).value();
  std::vector<double> milliseconds;
  for (std::uint64_t i = 0; i < options.count; ++i) {
    const UniqueFd full = make_bell(0);
    Child child([&full, size] {
      void* memory =
          ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory == MAP_FAILED) ::_exit(1);
      std::memset(memory, 1, size);
      ring_bell(full.get());
      ::pause();
    });
    wait_for_bell(full.get());
    const auto start = Clock::now();
    child.end();
    milliseconds.push_back(1e3 * seconds_since(start));
  }
  return {{"milliseconds", milliseconds}};
}

void measure(const Options& options) {
  nlohmann::json out;
  if (options.what == "wake") out = wake(options);
  if (options.what == "copy") out = copy(options);
  if (options.what == "insert") out = insert(options);
  if (options.what == "flush") out = flush(options);
  if (options.what == "free") out = free_memory(options);
  if (options.what == "work") out = work(options);
  fmt::print("{}\n", out.dump());
}

void declare(CLI::App& app, Options& options) {
  app.add_option("what", options.what, "wake, copy, insert, flush, free or work")
      ->required()
      ->check(CLI::IsMember({"wake", "copy", "insert", "flush", "free", "work"}));
  app.add_option("--count", options.count, "How often")->required();
  app.add_option("--size", options.size, "Of a block, a row's result, a file or the memory");
  app.add_option("--work", options.work, "Of one world, such as 100us");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  return bench::run_program(
      argc, argv, "Measures the machine, not joust",
      [&options](CLI::App& app) { declare(app, options); }, [&options] { measure(options); });
}
