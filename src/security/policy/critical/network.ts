import { criticalGroup } from '../critical-group.ts'

export const network = criticalGroup({
  reason: 'opens network connections',
  standard: `
    socket _socket ssl _ssl select selectors _scproxy socketserver SocketServer urllib urllib2 http httplib ftplib smtplib smtpd poplib imaplib nntplib
    telnetlib gopherlib xmlrpc xmlrpclib asyncore asynchat wsgiref email tkinter _tkinter Tkinter curses _curses _curses_panel logging.handlers syslog
    robotparser sgmllib htmllib Canvas Dialog FileDialog SimpleDialog cookielib Cookie BaseHTTPServer SimpleHTTPServer CGIHTTPServer DocXMLRPCServer SimpleXMLRPCServer

  `,
  packages: `
    urllib3 httpx httpcore h11 requests aiohttp websocket websockets pycurl dns netifaces socks pysocks tornado.httpclient treq boto boto3 botocore s3transfer google.cloud google.auth
    googleapiclient azure msal oci aliyunsdkcore minio ibm_boto3 huggingface_hub kaggle gdown wget openml tensorflow_datasets scipy.datasets scipy.misc
    sklearn.datasets torchvision.datasets torchaudio.datasets torchtext.datasets torch.utils.model_zoo slack_sdk telegram discord twilio sendgrid
    nltk.downloader spacy.cli gensim.downloader keras.src.utils.file_utils keras.utils.data_utils tensorflow.python.keras.utils.data_utils keras.src.applications keras.src.datasets keras.datasets
    transformers.utils.hub transformers.pipelines transformers.modeling_utils.load_state_dict statsmodels.datasets grpc thrift zeep suds pika kafka confluent_kafka paho
    mlflow.tracking mlflow.store openai anthropic cohere google.generativeai langchain langchain_core langchain_community llama_index
  `,
})
