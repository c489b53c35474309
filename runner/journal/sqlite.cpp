#include "runner/journal/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <system_error>

namespace joust::journal {
namespace {

// How long to wait for a lock that another connection holds while it recovers the log.
constexpr int kBusyMilliseconds = 5000;

// What the system said when SQLite failed to read or write; 0: it said nothing.
// (sqlite3_system_errno knows about opening only.)
int system_error_of(sqlite3* database) {
  int error = sqlite3_system_errno(database);
  if (error == 0) sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
  sqlite3_file* log = nullptr;
  if (error == 0) sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log != nullptr && log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
  }
  return error;
}

bool is_full(int code, int system_error) {
  if ((code & 0xFF) == SQLITE_FULL) return true;
  return (code & 0xFF) == SQLITE_IOERR &&
         (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG);
}

std::string_view advice(int code, bool full) {
  if (full) return "; there is no room left: what was committed is safe, make room and resume";
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
      return "; the journal is damaged, nothing was overwritten";
    case SQLITE_NOTADB:
      return "; this is not a joust journal, or a damaged one; nothing was overwritten";
    case SQLITE_BUSY:
      return "; another program holds it locked: close it and try again";
    default:
      return "";
  }
}

// A file name as SQLite's URI form wants it.
std::string as_uri(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri;
}

}  // namespace

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
  const int code = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) database.fail();
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::check_bound(int code) const {
  if (code != SQLITE_OK) database_.fail();
}

void Statement::bind(int parameter, std::int64_t value) {
  check_bound(sqlite3_bind_int64(statement_, parameter, value));
}

void Statement::bind_text(int parameter, std::string_view value) {
  check_bound(sqlite3_bind_text64(statement_, parameter, value.data(), value.size(), SQLITE_STATIC,
                                  SQLITE_UTF8));
}

void Statement::bind_bytes(int parameter, std::string_view value) {
  // a null pointer would bind NULL
  const char* data = value.empty() ? "" : value.data();
  check_bound(sqlite3_bind_blob64(statement_, parameter, data, value.size(), SQLITE_STATIC));
}

void Statement::bind_null(int parameter) { check_bound(sqlite3_bind_null(statement_, parameter)); }

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail();
  sqlite3_reset(statement_);
  return false;
}

void Statement::rewind() { sqlite3_reset(statement_); }

bool Statement::run() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_DONE || code == SQLITE_ROW || (code & 0xFF) == SQLITE_CONSTRAINT) {
    sqlite3_reset(statement_);
    return (code & 0xFF) != SQLITE_CONSTRAINT;
  }
  database_.fail();
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text(int column) const {
  const void* data = sqlite3_column_text(statement_, column);
  return {static_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  return {static_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Database::Database(std::filesystem::path file, Mode mode) : file_(std::move(file)) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
  flags |=
      mode == Mode::read || mode == Mode::immutable ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  const bool creates = mode == Mode::create || mode == Mode::create_without_locks;
  if (creates) flags |= SQLITE_OPEN_CREATE;
  std::string name = as_uri(file_);
  if (mode == Mode::immutable) name += "?immutable=1";
  if (mode == Mode::create_without_locks) name += "?nolock=1";
  if (sqlite3_open_v2(name.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
    try {
      fail();
    } catch (...) {
      sqlite3_close(database_);
      throw;
    }
  }
  sqlite3_busy_timeout(database_, kBusyMilliseconds);
  set_checkpoint_on_close(creates);
}

Database::~Database() { sqlite3_close(database_); }

void Database::execute(std::string_view sql) const {
  if (sqlite3_exec(database_, std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail();
  }
}

std::int64_t Database::integer(std::string_view sql) const {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Database::text(std::string_view sql) const {
  Statement statement(*this, sql);
  return statement.step() ? std::string(statement.text(0)) : std::string();
}

void Database::set_checkpoint_on_close(bool on) const {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

bool Database::found_damage() const {
  return (sqlite3_extended_errcode(database_) & 0xFF) == SQLITE_CORRUPT;
}

void Database::fail() const {
  if (database_ == nullptr) throw JournalError(file_.string() + ": out of memory");
  const int code = sqlite3_extended_errcode(database_);
  const int system_error = system_error_of(database_);
  const bool full = is_full(code, system_error);
  std::string text =
      fmt::format("{}: {} (SQLite error {}", file_.string(), sqlite3_errmsg(database_), code);
  const bool from_system = (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN;
  if (from_system && system_error != 0) {
    text += ": " + std::generic_category().message(system_error);
  }
  throw JournalError(fmt::format("{}){}", text, advice(code, full)), full);
}

}  // namespace joust::journal
