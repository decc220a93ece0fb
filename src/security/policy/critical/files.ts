import { criticalGroup } from '../critical-group.ts'

export const files = criticalGroup({
  reason: 'reads, writes or deletes files',
  standard: `
    io _io _pyio shutil tempfile glob fileinput linecache filecmp dircache posixpath ntpath macpath os2emxpath genericpath
    posixfile tarfile zipfile gzip bz2 _bz2 lzma _lzma zlib _zstd compression _compression zipfile._path sqlite3 _sqlite3 dbm _dbm _gdbm gdbm dbhash bsddb anydbm
    dumbdbm whichdb mmap configparser netrc mailbox mhlib plistlib fcntl winreg _winreg msilib _msi aifc sunau wave sndhdr
    imghdr chunk tokenize _tokenize tomllib xml.dom xml.etree.cElementTree pyexpat
             ossaudiodev audiodev linuxaudiodev winsound gettext
      dl zoneinfo._tzpath zoneinfo._common rfc822 MimeWriter mimetools multifile
  `,
  packages: `
    pandas.io scipy.io h5py h5pyd tables pyarrow fastparquet fsspec smart_open s3fs gcsfs adlfs zarr netCDF4 xarray.backends openpyxl xlrd xlsxwriter
    lxml bs4 imageio skimage.io matplotlib.image soundfile librosa pathlib2 path py7zr rarfile patoolib send2trash watchdog duckdb
    tensorflow.io tensorflow.python.lib.io tensorflow.python.ops.io_ops tensorflow.python.framework.load_library tensorflow.python.training
    sklearn.datasets._svmlight_format_io numpy.ctypeslib numpy.core._multiarray_tests sqlalchemy psycopg2 psycopg pymysql MySQLdb pymongo redis cx_Oracle pyodbc peewee
    torch.utils.file_baton torch.utils.model_zoo torchaudio torchvision.io onnx.external_data_helper dotenv joblib._store_backends joblib._memmapping_reducer joblib.backports joblib.compressor joblib.logger
  `,
  names: `
    builtins: open file print
    codecs: open StreamReaderWriter StreamReader StreamWriter StreamRecoder EncodedFile
    logging: FileHandler StreamHandler basicConfig
    pathlib: Path.open Path.read_bytes Path.read_text Path.write_bytes Path.write_text Path.unlink Path.rename Path.replace Path.rmdir
        Path.mkdir Path.touch Path.symlink_to Path.hardlink_to Path.link_to Path.chmod Path.lchmod Path.glob Path.rglob Path.iterdir
        Path.exists Path.stat PosixPath.open PosixPath.read_text PosixPath.read_bytes PosixPath.write_text PosixPath.write_bytes PosixPath.unlink
        os io shutil
    zoneinfo: ZoneInfo.from_file reset_tzpath
    xml.etree.ElementTree: parse iterparse ElementTree XMLParser
    dateutil.tz.tz: tzical
    dateutil.tz: tzical
    pytz: open_resource resource_exists
    pandas: read_csv read_clipboard read_excel read_feather read_fwf read_gbq read_hdf read_html read_iceberg read_json read_orc read_parquet
        read_sas read_spss read_sql read_sql_query read_sql_table read_stata read_table read_xml to_pickle ExcelFile ExcelWriter HDFStore show_versions test
    pandas.core.frame: DataFrame.to_csv DataFrame.to_json DataFrame.to_parquet DataFrame.to_excel DataFrame.to_hdf DataFrame.to_sql DataFrame.to_html
        DataFrame.to_feather DataFrame.to_stata DataFrame.to_xml DataFrame.to_orc DataFrame.to_latex DataFrame.to_markdown
    numpy: tofile
  `,
})
