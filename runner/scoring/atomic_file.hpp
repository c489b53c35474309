#pragma once
// A file that appears under its name complete or not at all: written beside it as NAME.joust.tmp,
// which is locked meanwhile, and renamed by commit(). Not thread-safe.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace joust::scoring {

enum class Sync {
  none,  // a power cut may lose the new content; for what is rewritten every second
  disk,  // the content is on disk before the name points to it
};

class AtomicFile {
 public:
  // All functions throw JournalError (its text names the file and the system's reason).
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();  // without commit(): the file that had the name before, if any, is still there
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  // REQUIRES: called once; nothing is written afterwards.
  void commit(Sync sync);

 private:
  bool open_temporary();
  void flush();
  [[noreturn]] void fail(std::string_view what, int error) const;
  void close();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::string buffer_;
  std::uint64_t size_ = 0;  // written
  std::uint64_t sent_ = 0;  // of these, told to go to the disk
  int fd_ = -1;
};

}  // namespace joust::scoring
