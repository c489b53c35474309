#pragma once
// SQLite in two small owning types. Every failure is a JournalError with SQLite's words and the
// file. Not safe for use from two threads at once; moving to another thread between calls is fine.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "runner/journal/journal.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace joust::journal {

class Database;

// A prepared statement. REQUIRES: its database lives longer and does not move.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters count from 1. Text and bytes are not copied: they must live until the statement ran.
  void bind(int parameter, std::int64_t value);
  void bind_text(int parameter, std::string_view value);
  void bind_bytes(int parameter, std::string_view value);
  void bind_null(int parameter);

  // The next row; false when there is none (the statement is then ready to run again).
  bool step();
  // Makes it ready to run again, also after a failure; parameters can then be bound.
  void rewind();
  // Runs a statement that gives no rows. False when a constraint refused it.
  bool run();

  // Columns of the current row count from 0; text and bytes are valid until the next step.
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  std::string_view bytes(int column) const;
  bool is_null(int column) const;

 private:
  void check_bound(int code) const;

  const Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

// A connection.
class Database {
 public:
  enum class Mode {
    create,                // REQUIRES: no such file
    create_without_locks,  // where they cannot be trusted; no log is written ahead then. REQUIRES:
                           // as before, and nobody else opens it meanwhile
    write,                 // the file exists
    read,                  // beside a writer in another process, or after it
    immutable,  // on a read-only medium: takes no locks. REQUIRES: nobody writes, nothing to
                // recover
  };

  Database(std::filesystem::path file, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(std::string_view sql) const;
  // The first column of the first row.
  std::int64_t integer(std::string_view sql) const;
  std::string text(std::string_view sql) const;

  // Whether closing the last connection moves the write-ahead log into the database. Off until the
  // file is known to be sound, so that looking at a damaged one changes nothing.
  void set_checkpoint_on_close(bool on) const;

  // Throws what went wrong in the last call.
  [[noreturn]] void fail() const;
  // The last call failed because what SQLite read cannot be right.
  bool found_damage() const;

  const std::filesystem::path& file() const { return file_; }
  sqlite3* handle() const { return database_; }

 private:
  std::filesystem::path file_;
  sqlite3* database_ = nullptr;
};

}  // namespace joust::journal
